import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Client, createClient } from '@gitmsg/client'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { buildDocument } from './build-document.js'

// Holds the types and calls of @gitmsg/client against the document, in both directions.

const document = buildDocument()
const SOURCE = join(dirname(fileURLToPath(import.meta.url)), '../../../../../packages/client/src/index.ts')

const program = ts.createProgram([SOURCE], {
  ...{ strict: true, noEmit: true, skipLibCheck: true, exactOptionalPropertyTypes: true },
  ...{ target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext },
})
const checker = program.getTypeChecker()

/** The type that the client exports under a name. */
function exportedType(name: string): ts.Type {
  const file = program.getSourceFile(SOURCE)
  const module = file && checker.getSymbolAtLocation(file)
  const symbol = module && checker.getExportsOfModule(module).find((one) => one.name === name)
  if (!symbol) throw new Error(`The client exports no ${name}`)
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  return checker.getDeclaredTypeOfSymbol(target)
}

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].toSorted()
const fieldText = (name: string, isOptional: boolean, type: string) =>
  `${name}${isOptional ? '?' : ''}: ${type}`
const objectText = (fields: string[]) => `{ ${sorted(fields).join('; ')} }`

/** A type in one normal form, in which {@link schemaText} has the schema too. */
function typeText(type: ts.Type): string {
  if (type.isUnion()) {
    const types = type.types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined))
    return sorted(types.map(typeText)).join(' | ')
  }
  if (type.isStringLiteral()) return JSON.stringify(type.value)
  if (!(type.flags & ts.TypeFlags.Object)) return checker.typeToString(type)
  if (checker.isArrayType(type)) {
    return `Array<${checker.getTypeArguments(type as ts.TypeReference).map(typeText)}>`
  }
  const fields = checker.getPropertiesOfType(type).map((property) => {
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0
    return fieldText(property.name, isOptional, typeText(checker.getTypeOfSymbol(property)))
  })
  const values = checker.getIndexInfosOfType(type).map((info) => `[more]: ${typeText(info.type)}`)
  return objectText([...fields, ...values])
}

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | false
}

const schemaOf = (name: string) => document.components.schemas[name] as Schema

function schemaText(schema: Schema): string {
  const { $ref, type, anyOf, oneOf, items, properties = {}, required = [], additionalProperties } = schema
  if ($ref !== undefined) return schemaText(schemaOf($ref.split('/').at(-1) ?? ''))
  const alternatives = anyOf ?? oneOf ?? (Array.isArray(type) ? type.map((one) => ({ type: one })) : null)
  if (alternatives) return sorted(alternatives.map(schemaText)).join(' | ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return sorted(schema.enum.map((value) => JSON.stringify(value))).join(' | ')
  if (type === 'integer') return 'number'
  if (type === 'boolean') return 'false | true'
  if (type === 'array') return `Array<${schemaText(items ?? {})}>`
  if (type !== 'object') return String(type ?? 'unknown')
  const fields = Object.entries(properties).map(([name, field]) =>
    fieldText(name, !required.includes(name), schemaText(field)),
  )
  const isOpen = additionalProperties !== false && typeof additionalProperties === 'object'
  return objectText(isOpen ? [...fields, `[more]: ${schemaText(additionalProperties)}`] : fields)
}

/** Schemas whose type in the client has no name. */
const UNNAMED: Readonly<Record<string, string>> = {
  MessageList: 'Page<Message>',
  MessageHistory: 'Page<MessageVersion>',
  FoundMessages: 'Page<FoundMessage>',
  TopicList: 'Page<Topic>',
  QuarantinedChanges: 'Page<QuarantinedChange>',
  AccountList: 'Page<Account>',
  TokenList: 'Page<Token>',
  AuditList: 'Page<AuditEntry>',
  HeldPostList: 'Page<HeldPost>',
  ReportList: 'Page<Report>',
  Metrics: 'string',
  Error: 'ClientError',
  EventStream: 'Live',
}

describe('the types of the client', () => {
  const named = Object.keys(document.components.schemas).filter((name) => !(name in UNNAMED))

  it.each(named)('have exactly the fields of the schema %s', (name) => {
    expect(typeText(exportedType(name))).toBe(schemaText(schemaOf(name)))
  })

  it.each([
    ['QuarantinedChange', 'QuarantinedChanges'],
    ['Token', 'TokenList'],
    ['AuditEntry', 'AuditList'],
    ['HeldPost', 'HeldPostList'],
  ])('have exactly the fields of an item: %s of %s', (type, list) => {
    expect(typeText(exportedType(type))).toBe(schemaText(schemaOf(list).items ?? {}))
  })

  it('have exactly the fields of a message that was found', () => {
    const items = schemaOf('FoundMessages').items ?? {}
    expect(typeText(exportedType('FoundMessage'))).toBe(schemaText(items))
  })

  it('differ from a schema with another field', () => {
    const { properties, ...message } = schemaOf('Message')
    const other = schemaText({ ...message, properties: { ...properties, extra: { type: 'string' } } })
    expect(typeText(exportedType('Message'))).not.toBe(other)
  })
})

interface Operation {
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly schema: Schema
  }[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >
}

interface Call {
  readonly send: (client: Client) => PromiseLike<unknown>
  /** The type of the parameters in the query. */
  readonly query?: string
  /** The type of the body. */
  readonly body?: string
}

const POSITION = { epoch: 'e', position: 1 }
const IF_CHANGED = { ifNoneMatch: '"t"' }
const WRITE = { idempotencyKey: 'k' }

/** How the client makes each call, with every header that it can send. */
const CALLS: Readonly<Record<string, Call>> = {
  'GET /messages': { send: (client) => client.list({}, IF_CHANGED), query: 'ListQuery' },
  'POST /messages': {
    send: (client) => client.post({ content: 'a', sender: 'b' }, WRITE),
    body: 'NewMessage',
  },
  'GET /messages/{key}': { send: (client) => client.get('KEY') },
  'PATCH /messages/{key}': {
    send: (client) => client.edit('KEY', { content: 'a' }, { ...WRITE, ifMatch: 2 }),
    body: 'MessageChanges',
  },
  'DELETE /messages/{key}': { send: (client) => client.remove('KEY', { ifMatch: 2 }) },
  'GET /messages/{key}/history': {
    send: (client) => client.history('KEY', {}, IF_CHANGED),
    query: 'PageQuery',
  },
  'GET /messages/{key}/thread': {
    send: (client) => client.thread('KEY', {}, IF_CHANGED),
    query: 'ThreadQuery',
  },
  'GET /search': { send: (client) => client.search({ q: 'a' }, IF_CHANGED), query: 'SearchQuery' },
  'GET /topics': { send: (client) => client.topics({}, IF_CHANGED), query: 'TopicQuery' },
  'GET /changes': {
    send: (client) => client.changes({ after: POSITION }, IF_CHANGED),
    query: 'ChangesQuery',
  },
  'GET /auth': { send: (client) => client.signInWays() },
  'POST /session': { send: (client) => client.signIn({ handle: 'a', password: 'b' }), body: 'SignIn' },
  'DELETE /session': { send: (client) => client.signOut() },
  'GET /account': { send: (client) => client.account() },
  'PUT /account/password': {
    send: (client) => client.changePassword({ current_password: 'a', new_password: 'b' }),
    body: 'PasswordChange',
  },
  'POST /join': { send: (client) => client.join({ handle: 'a' }), body: 'Joining' },
  'POST /reset': { send: (client) => client.resetPassword({ link: 'a' }), body: 'PasswordReset' },
  'POST /invitations': { send: (client) => client.invite(), body: 'NewInvitation' },
  'GET /accounts': { send: (client) => client.accounts(), query: 'AccountQuery' },
  'POST /accounts': { send: (client) => client.createAccount({ handle: 'a' }), body: 'NewAccount' },
  'PATCH /accounts/{handle}': {
    send: (client) => client.changeAccount('KEY', { disabled: true }),
    body: 'AccountChanges',
  },
  'POST /accounts/{handle}/reset': { send: (client) => client.createReset('KEY') },
  'GET /tokens': { send: (client) => client.tokens(), query: 'TokenQuery' },
  'POST /tokens': {
    send: (client) => client.createToken({ name: 'a', scopes: ['read'] }),
    body: 'NewToken',
  },
  'DELETE /tokens/{id}': { send: (client) => client.revokeToken('KEY' as never) },
  'GET /audit': { send: (client) => client.audit(), query: 'PageQuery' },
  'GET /moderation': { send: (client) => client.held(), query: 'ModerationQuery' },
  'POST /moderation/{id}/approve': { send: (client) => client.approve('KEY' as never) },
  'POST /moderation/{id}/reject': { send: (client) => client.reject('KEY' as never) },
  'POST /messages/{key}/report': { send: (client) => client.report('KEY'), body: 'NewReport' },
  'GET /reports': { send: (client) => client.reports(), query: 'ModerationQuery' },
  'POST /reports/{id}/close': { send: (client) => client.closeReport('KEY' as never) },
  'GET /sync': { send: (client) => client.status() },
  'POST /sync': { send: (client) => client.sync() },
  'GET /sync/quarantined': { send: (client) => client.quarantined({}, IF_CHANGED), query: 'PageQuery' },
  'GET /healthz': { send: (client) => client.health() },
  'GET /readyz': { send: (client) => client.readiness() },
  'GET /metrics': { send: (client) => client.metrics() },
  'GET /openapi.json': { send: (client) => client.openapi() },
  'GET /asyncapi.json': { send: (client) => client.asyncapi() },
}

/** Members of the client that are not one call, and the path that is not one response. */
const OTHER_MEMBERS = ['live', 'outbox']
const OTHER_PATHS = ['/live', '/auth/oidc', '/auth/oidc/callback']
/** The client has a position where the query has its text. */
const POSITION_TEXT = typeText(exportedType('Position'))

const operations = new Map(
  Object.entries(document.paths)
    .filter(([path]) => !OTHER_PATHS.includes(path))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation as Operation] as const,
      ),
    ),
)

/** Makes a call with a client whose requests go nowhere. */
async function record({ send }: Call): Promise<{ line: string; headers: string[] }> {
  const requests: { line: string; headers: string[] }[] = []
  const fetch = async (input: string | URL | Request, init: RequestInit = {}) => {
    const { pathname } = new URL(String(input))
    const standard = ['accept', 'authorization', 'content-type']
    const headers = [...new Headers(init.headers).keys()].filter((name) => !standard.includes(name))
    requests.push({ line: `${init.method} ${pathname}`, headers: headers.toSorted() })
    return Response.json([])
  }
  await Promise.resolve(send(createClient({ url: 'http://localhost', fetch }))).catch(() => {})
  const [request, ...more] = requests
  if (!request || more.length > 0) throw new Error('The client has not sent one request')
  return request
}

describe('the calls of the client', () => {
  it('are those of the document, and the client has a member for each', () => {
    expect(sorted(Object.keys(CALLS))).toEqual(sorted(operations.keys()))
    const members = checker.getPropertiesOfType(exportedType('Client')).map(({ name }) => name)
    const used = Object.values(CALLS).map(({ send }) => /client\.(\w+)\(/.exec(String(send))?.[1] ?? '')
    expect(sorted([...used, ...OTHER_MEMBERS])).toEqual(sorted(members))
  })

  it.each([...operations])('sends the method, the path and the headers of %s', async (line, operation) => {
    const headers = (operation.parameters ?? [])
      .filter((parameter) => parameter.in === 'header')
      .map(({ name }) => name.toLowerCase())
    const sent = { line: line.replace(/\{\w+\}/, 'KEY'), headers: headers.toSorted() }
    expect(await record(CALLS[line] as Call)).toEqual(sent)
  })

  it.each([...operations])(
    'takes the parameters and the body of %s',
    (line, { parameters = [], requestBody }) => {
      const { query, body } = CALLS[line] as Call
      const fields = parameters
        .filter((parameter) => parameter.in === 'query')
        .map(({ name, required, schema }) => fieldText(name, !required, schemaText(schema)))
      const types = query === undefined ? objectText([]) : typeText(exportedType(query))
      expect(types.replace(`string | ${POSITION_TEXT}`, 'string')).toBe(objectText(fields))
      const schema = requestBody?.content['application/json'].schema
      expect(body).toBe(schema?.$ref?.split('/').at(-1))
    },
  )

  it.each([...operations])('resolves with the response of %s', (line, { responses }) => {
    const { send } = CALLS[line] as Call
    const member = /client\.(\w+)\(/.exec(String(send))?.[1] ?? ''
    const property = exportedType('Client').getProperty(member)
    const [signature] = property
      ? checker.getSignaturesOfType(checker.getTypeOfSymbol(property), ts.SignatureKind.Call)
      : []
    const result = signature ? checker.typeToString(signature.getReturnType()) : ''
    const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'))
    const names = successes.flatMap(([, { content = {} }]) =>
      Object.values(content).map(({ schema }) => schema.$ref?.split('/').at(-1) ?? ''),
    )
    const expected = names.map((name) => UNNAMED[name] ?? name).join(' | ') || 'void'
    expect(result).toBe(
      expected.startsWith('Page<') ? expected.replace('Page', 'Pages') : `Promise<${expected}>`,
    )
  })
})
