import type { Store } from '@gitmsg/store'

/** So many answers are kept at most. */
const MOST_ANSWERS = 32

/** Gives the kept answer to a question, or makes it. */
export type KeptAnswers<Answer> = (question: string, make: () => Promise<Answer>) => Promise<Answer>

/**
 * Keeps answers while nothing is written to the database, by whichever process. Who asks the same at the same
 * time shares one answer; one that could not be made is not kept.
 */
export function createKeptAnswers<Answer>(
  store: Pick<Store, 'revision'>,
  isWorthKeeping: (answer: Answer) => boolean,
): KeptAnswers<Answer> {
  const kept = new Map<string, Promise<Answer>>()
  let keptVersion = ''

  return async (question, make) => {
    // Read before the answer is made: then the answer is of this version, or of a later one.
    const version = await store.revision()
    if (version !== keptVersion) kept.clear()
    keptVersion = version
    return kept.get(question) ?? keep(question, make())
  }

  async function keep(question: string, making: Promise<Answer>): Promise<Answer> {
    const [oldest] = kept.keys()
    if (kept.size === MOST_ANSWERS && oldest !== undefined) kept.delete(oldest)
    kept.set(question, making)
    let isKept = false
    try {
      const answer = await making
      isKept = isWorthKeeping(answer)
      return answer
    } finally {
      if (!isKept && kept.get(question) === making) kept.delete(question)
    }
  }
}
