/** What the work resolves with, or `null` when it took longer than `milliseconds`; it goes on unobserved then. */
export async function withinTime<Result>(
  work: Promise<Result>,
  milliseconds: number,
): Promise<Result | null> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, milliseconds, null)
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}
