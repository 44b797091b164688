/** Files over this size come without content unless the caller asks for more. */
export const DEFAULT_MAX_FILE_BYTES = 1024 * 1024

/** Whether a path is one of these files or lies below one of these folders; everything is, where none are given. */
export const isWithin = (path: string, within: readonly string[] | undefined): boolean =>
  within === undefined || within.some((folder) => path === folder || path.startsWith(`${folder}/`))
