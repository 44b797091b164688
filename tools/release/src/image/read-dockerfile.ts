import { DockerfileParser } from 'dockerfile-ast'

/** One instruction of a Dockerfile, without the line breaks in its text. */
interface Instruction {
  /** E.g. `RUN`. */
  readonly keyword: string
  readonly text: string
}

/** A stage: the instructions after one `FROM`. */
export interface Stage {
  readonly name: string | null
  readonly instructions: readonly Instruction[]
}

/** How containers of the last stage are started. */
export interface ImageConfig {
  readonly env: Readonly<Record<string, string>>
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly healthcheck: readonly string[]
  readonly user: string
  readonly volume: string
  readonly stopSignal: string
  readonly labels: Readonly<Record<string, string>>
}

/** Parses the stages of a Dockerfile. */
export function readStages(text: string): Stage[] {
  const dockerfile = DockerfileParser.parse(text)
  const images = dockerfile.getFROMs()
  return images.map((from, index) => {
    const first = from.getRange().start.line
    const last = images[index + 1]?.getRange().start.line ?? Number.POSITIVE_INFINITY
    const own = dockerfile.getInstructions().filter((instruction) => {
      const { line } = instruction.getRange().start
      return line > first && line < last
    })
    return {
      name: from.getBuildStage(),
      instructions: own.map((instruction) => ({
        keyword: instruction.getKeyword(),
        text: instruction.getArgumentsContent() ?? '',
      })),
    }
  })
}

/** Reads how containers of a stage are started. */
export function readConfig({ instructions }: Stage): ImageConfig {
  const textOf = (keyword: string): string =>
    instructions.findLast((instruction) => instruction.keyword === keyword)?.text ?? ''
  const listOf = (keyword: string): string[] => JSON.parse(/\[.*\]$/s.exec(textOf(keyword))?.[0] ?? '[]')
  return {
    env: readPairs(textOf('ENV')),
    labels: readPairs(textOf('LABEL')),
    entrypoint: listOf('ENTRYPOINT'),
    command: listOf('CMD'),
    healthcheck: listOf('HEALTHCHECK'),
    user: textOf('USER'),
    volume: textOf('VOLUME'),
    stopSignal: textOf('STOPSIGNAL'),
  }
}

/** Parses `NAME=value OTHER="some text"`. */
function readPairs(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S*))/g)]
  return Object.fromEntries(pairs.map(([, name, quoted, plain]) => [name, quoted ?? plain ?? '']))
}
