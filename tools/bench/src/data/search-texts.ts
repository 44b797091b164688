const WORD_COUNT = 20_000
const SYLLABLES =
  'ba be bi bo bu da de di do du fa fe fi ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu pa pe ra re ri ro ru sa se si so su ta te ti to tu va ve vi za zo'.split(
    ' ',
  )
const CHARACTERS = '今日会議資料確認東京大阪天気明後会社電車駅前時間問題解決方法開発環境設定変更通知受信送信'
/** One message of this many is Japanese. */
const JAPANESE_EVERY = 20
/** One message of this many is by `seldom`. */
const SELDOM_EVERY = 1_000
const SENDERS = 50

/** By their frequency, the most frequent first. */
const WORDS = Array.from({ length: WORD_COUNT }, (_, rank) => makeWord(rank))

/** In two of three messages. */
export const COMMONEST_WORD = makeWord(0)

function makeWord(rank: number): string {
  let word = ''
  let rest = rank * 7_919 + 13
  for (let part = 0; part < 2 + (rank % 3); part += 1) {
    word += SYLLABLES[rest % SYLLABLES.length]
    rest = Math.floor(rest / SYLLABLES.length) + part * 31 + rank
  }
  return word
}

/**
 * A message of 6 to 29 words with the frequencies of a language (Zipf), or of 20 Japanese characters: 117 bytes on
 * average. Always the same for the same number.
 */
export function makeText(number: number): { content: string; sender: string } {
  const random = createRandom(number)
  const sender = number % SELDOM_EVERY === 7 ? 'seldom' : `sender-${number % SENDERS}`
  if (number % JAPANESE_EVERY === 0) return { content: makeJapanese(random, 20), sender }
  const words = Array.from({ length: 6 + Math.floor(random() * 24) }, () => {
    return WORDS[Math.min(WORD_COUNT - 1, Math.floor(Math.exp(random() * Math.log(WORD_COUNT + 1)) - 1))]
  })
  return { content: words.join(' '), sender }
}

const makeJapanese = (random: () => number, length: number): string =>
  Array.from({ length }, () => CHARACTERS[Math.floor(random() * CHARACTERS.length)]).join('')

/** Numbers from 0 to 1, always the same for the same seed. */
function createRandom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

/** What is searched for, by kind: the path and query of each request. No two are the same, so that none is cached. */
export function searchRequests(size: number, round: number): Readonly<Record<string, string[]>> {
  const random = createRandom(size + round)
  const wordAt = (rank: number) => WORDS[rank % WORD_COUNT] ?? ''
  const kinds: Record<string, (index: number) => Record<string, string>> = {
    'a rare word': (index) => ({ q: wordAt(5_000 + index * 37 + round) }),
    'two words': (index) => ({ q: `${wordAt(20 + (index % 60))} ${wordAt(300 + index)}` }),
    'a phrase': (index) => ({ q: `"${wordAt(index % 12)} ${wordAt(1 + (index % 7))}"` }),
    'a prefix': (index) => ({ q: `${wordAt(200 + index).slice(0, 3)}*` }),
    'the commonest word': () => ({ q: wordAt(0) }),
    '2 Japanese characters': () => ({ q: makeJapanese(random, 2) }),
    '3 Japanese characters': () => ({ q: makeJapanese(random, 3) }),
    'the commonest word of a rare sender': () => ({ q: wordAt(0), sender: 'seldom' }),
    'a prefix of 2 letters': (index) => ({ q: `${wordAt(index % 40).slice(0, 2)}*` }),
    '16 words': (index) => ({
      q: Array.from({ length: 16 }, (_, rank) => wordAt(rank + (index % 9))).join(' '),
    }),
    'the commonest words by relevance': () => ({ q: `${wordAt(0)} ${wordAt(1)}`, sort: 'relevance' }),
    'random text': () => ({ q: makeOdd(random) }),
  }
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, parametersAt]) => [
      kind,
      Array.from({ length: REQUESTS }, (_, index) => {
        const parameters = {
          ...parametersAt(index),
          limit: '20',
          before: String(size + 1 + round * REQUESTS + index),
        }
        return `search?${new URLSearchParams(parameters)}`
      }),
    ]),
  )
}

/** Of each kind: enough for a 99th percentile. */
const REQUESTS = 200

const ODD = [...'"*-()^:+{}\\\'%_;\0 é東👍aZ0', ' AND ', ' NOT ', 'NEAR', ' ba', 'to*', '\u0301']
const makeOdd = (random: () => number): string =>
  Array.from({ length: 1 + Math.floor(random() * 40) }, () => ODD[Math.floor(random() * ODD.length)]).join('')
