import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { parse } from 'yaml'
import { createClient } from '../testing/client.js'
import { readDeployFile } from '../testing/deploy/deploy-files.js'
import { parseExpression } from '../testing/deploy/parse-expression.js'
import { readSamples, type Samples } from '../testing/deploy/read-samples.js'
import { ROOT } from '../testing/root.js'
import { until } from '../testing/run-server.js'
import { openWorkspace, type Workspace } from '../testing/workspace.js'

interface Panel {
  readonly title: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets: readonly { readonly expr: string }[]
}

const rules: { alert: string; expr: string; for?: string; labels: object; annotations: object }[] = parse(
  readDeployFile('prometheus-rules.yaml'),
).groups.flatMap((group: { rules: object[] }) => group.rules)
const { panels, templating }: { panels: Panel[]; templating: { list: { query: string }[] } } = JSON.parse(
  readDeployFile('grafana-dashboard.json'),
)
const alerts = rules.map(({ alert, expr }) => [alert, expr] as const)
const graphs = panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const))
/** The rows of the table of metrics: their metrics, and when an operator has to look. */
const documented = [...readOperations().matchAll(/^\| (`gitmsg_.*?) \| .* \| (.*?) ?\|$/gm)].map(
  ([, metrics = '', reason = '']) => ({
    metrics: [...metrics.matchAll(/`(gitmsg_\w+)/g)].map(([, name = '']) => name),
    reason,
  }),
)

function readOperations(): string {
  return readFileSync(join(ROOT, 'docs/operations.md'), 'utf8')
}

/** What Prometheus itself adds. */
const ADDED_LABELS: readonly string[] = ['job', 'instance']
const ADDED_METRICS: readonly string[] = ['up']

/** An expression of a dashboard, without Grafana's variables. */
const withoutVariables = (expression: string) =>
  expression.replaceAll('$__rate_interval', '5m').replaceAll('$job', 'gitmsg').replaceAll('$instance', '.*')

/** A histogram has its metrics under its name and a suffix. */
const withoutSuffix = (metric: string) => metric.replace(/_(bucket|sum|count)$/, '')

const metricsOf = (expressions: readonly (readonly [string, string])[]) =>
  new Set(
    expressions.flatMap(([, text]) =>
      parseExpression(withoutVariables(text)).selectors.map(({ metric }) => withoutSuffix(metric)),
    ),
  )

describe('monitoring', () => {
  let workspace: Workspace
  let samples: Samples
  beforeAll(async () => {
    workspace = await openWorkspace()
    const { url } = await workspace.start()
    const { call, post } = createClient(url)
    const socket = new WebSocket(`${url.replace('http', 'ws')}live`, 'gitmsg.live.v1')
    await once(socket, 'open')
    socket.send('{"type":"hello"}')
    await once(socket, 'message')
    await post('measured')
    socket.terminate()
    samples = await until(async () => {
      const read = readSamples(await (await call('/metrics')).text())
      return read.get('gitmsg_live_closed_total')?.has('code') && read
    })
  })
  afterAll(() => workspace?.[Symbol.asyncDispose]())

  it.each([...alerts, ...graphs])('asks only for what a server exposes: %s: %s', (_, text) => {
    const { selectors, grouping } = parseExpression(withoutVariables(text))
    expect(selectors).not.toEqual([])
    const labels = new Set(ADDED_LABELS)
    for (const { metric, matchers } of selectors) {
      const exposed = samples.get(metric)
      expect(exposed !== undefined || ADDED_METRICS.includes(metric), metric).toBe(true)
      for (const label of exposed?.keys() ?? []) labels.add(label)
      for (const { label, values } of matchers.filter((matcher) => !ADDED_LABELS.includes(matcher.label))) {
        expect(exposed?.has(label), label).toBe(true)
        const known = values.filter((value) => exposed?.get(label)?.has(value) || isDocumented(metric, value))
        expect(known).toEqual(values)
      }
    }
    expect(grouping.filter((label) => !labels.has(label))).toEqual([])
  })

  /** Whether the metric's row has a value, such as a close code, that this server has not had. */
  const isDocumented = (metric: string, value: string) =>
    documented.some(({ metrics, reason }) => metrics.includes(metric) && reason.includes(value))

  it('shows every metric of gitmsg, and docs/operations.md explains it', () => {
    const exposed = new Set(
      [...samples.keys()].filter((name) => name.startsWith('gitmsg_')).map(withoutSuffix),
    )
    expect(new Set(documented.flatMap(({ metrics }) => metrics))).toEqual(exposed)
    const shown = metricsOf(graphs)
    expect([...exposed].filter((metric) => !shown.has(metric))).toEqual([])
    for (const { query } of templating.list.filter((variable) => variable.query.startsWith('label_values')))
      expect(query).toMatch(/^label_values\(gitmsg_pending\b/)
  })

  it('alerts on everything that docs/operations.md says to look at', () => {
    const watched = metricsOf(alerts)
    const reasons = documented.filter(({ reason }) => reason !== '')
    expect(reasons.length).toBeGreaterThan(10)
    expect(reasons.filter(({ metrics }) => !metrics.some((metric) => watched.has(metric)))).toEqual([])
  })

  it('has alerts of a valid form, each with a severity and a summary', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
    for (const rule of rules) {
      expect(rule).toEqual({
        alert: expect.stringMatching(/^Gitmsg[A-Za-z]+$/),
        expr: expect.any(String),
        ...(rule.for !== undefined && { for: expect.stringMatching(/^\d+[smh]$/) }),
        labels: { severity: expect.stringMatching(/^(warning|critical)$/) },
        annotations: { summary: expect.any(String) },
      })
    }
  })

  it('has a dashboard whose panels do not overlap', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([])
  })
})
