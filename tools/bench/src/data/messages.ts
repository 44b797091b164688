const SENDERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi', 'ivan', 'judy']
const WORDS =
  'the message says that nobody knows how long a river takes from its spring to the sea where ships go'.split(
    ' ',
  )

/** A message of typical length, always the same for the same number. Its file has about 450 bytes. */
export function makeMessage(number: number): { content: string; sender: string } {
  const words = Array.from(
    { length: 30 },
    (_, index) => WORDS[(number * 7 + index * (1 + (number % 11))) % WORDS.length],
  )
  return { content: `${number}: ${words.join(' ')}.`, sender: SENDERS[number % SENDERS.length] as string }
}
