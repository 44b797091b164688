/** Joins words without a break; nothing of it is seen. */
const WORD_JOINER = '\u2060'

/**
 * What hosts of repositories look for in the text of a commit: `@somebody`; `#1`, `!1`, `&1`, `GH-1` and `GL-1`;
 * addresses of issues; and words that skip a build, such as `[skip ci]`.
 */
const TRIGGER = /[@#[]|\*{3}|(?:[!&]|\bG[HL]-)(?=\d)|:(?=\/\/)/gi

/** A sender as it may stand in a commit's text: it looks the same, and nobody is mentioned and nothing done. */
export function quietName(sender: string): string {
  return sender.replaceAll(TRIGGER, `$&${WORD_JOINER}`)
}
