import { createHash } from 'node:crypto'

/**
 * The commits of a request as they are kept: only what they really change, and a hash that follows from that, from
 * all else they say, and from their parent. So the same commits on the same parent always have the same hashes.
 */
export function linesOf({ parent, commits }, tree) {
  const lines = []
  for (const { message, files, author, authorDate, committer, committerDate } of commits) {
    const line = {
      parent: lines.at(-1)?.hash ?? parent,
      author: { ...author, seconds: secondsOf(authorDate) },
      committer: { ...committer, seconds: secondsOf(committerDate) },
      message: message.endsWith('\n') ? message : `${message}\n`,
      files: tree.apply(files.map(({ path, content }) => ({ path, content: base64Of(content) }))),
    }
    lines.push({ hash: createHash('sha1').update(JSON.stringify(line)).digest('hex'), ...line })
  }
  return lines
}

/** A file as `changesSince` gives it. */
export function recordedFile({ path, content }, maxFileBytes) {
  if (content === null) return { path, content }
  const bytes = Buffer.from(content, 'base64')
  return bytes.length > maxFileBytes
    ? { path, content: null, omitted: 'too-large' }
    : { path, content: bytes }
}

const secondsOf = (date) => Math.floor(date.getTime() / 1000)
const base64Of = (content) => (content === null ? null : Buffer.from(content).toString('base64'))
