import { parser } from '@prometheus-io/lezer-promql'

/** What an expression asks Prometheus for. */
export interface Expression {
  readonly selectors: readonly Selector[]
  /** The labels that it groups by or joins on. */
  readonly grouping: readonly string[]
}

interface Selector {
  readonly metric: string
  /** The values, or the alternatives of a pattern. */
  readonly matchers: readonly { readonly label: string; readonly values: readonly string[] }[]
}

type Cursor = ReturnType<ReturnType<typeof parser.parse>['cursor']>
type Node = Cursor['node']

/**
 * Parses an expression with Prometheus' own grammar.
 *
 * @throws {Error} if it is not valid
 */
export function parseExpression(text: string): Expression {
  const textOf = ({ from, to }: Node) => text.slice(from, to)
  const selectors: Selector[] = []
  const grouping: string[] = []
  parser.parse(text).iterate({
    enter({ node, type }) {
      if (type.isError)
        throw new Error(`not valid after ${JSON.stringify(text.slice(0, node.from))}: ${text}`)
      if (type.name === 'VectorSelector') selectors.push(toSelector(node))
      if (type.name === 'GroupingLabels') grouping.push(...node.getChildren('LabelName').map(textOf))
    },
  })
  return { selectors, grouping }

  function toSelector(node: Node): Selector {
    const identifier = node.getChild('Identifier')
    const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []
    return {
      metric: identifier ? textOf(identifier) : '',
      matchers: matchers.map((matcher) => {
        const [label, value] = [matcher.getChild('LabelName'), matcher.getChild('StringLiteral')]
        if (!label || !value) throw new Error(`a matcher without a label or value: ${text}`)
        return { label: textOf(label), values: textOf(value).slice(1, -1).split('|') }
      }),
    }
  }
}
