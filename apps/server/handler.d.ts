// The published types of gitmsg/handler, which its source is checked against. They import nothing, because the
// program contains the libraries.

/** An engine with the store it runs on: what `openGitmsg` of `@gitmsg/core` opens, in the version of this package. */
export interface EmbeddedEngine {
  readonly store: object
  post(...parameters: never[]): Promise<object>
  page(...parameters: never[]): Promise<object>
  changes(...parameters: never[]): Promise<object>
  status(): Promise<object>
}

/** Who makes a request, as the application knows it. */
export interface Caller {
  /** Names it in the log, and as the one who changed a message of another sender. */
  readonly name: string
  /**
   * The only sender that it may post as and whose messages it may change. Default: it may post as any, and change
   * none without the scope `moderate`.
   */
  readonly sender?: string | undefined
  /** What it may do. Default: `read` and `write`. */
  readonly scopes?: readonly ('read' | 'write' | 'moderate' | 'admin')[] | undefined
}

/** Where problems are logged. Requests are the application's to log. */
export interface HandlerLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Options of {@link createHandler}. */
export interface HandlerOptions {
  /** The path below which the API is, for example `/chat`, unless the application removes it. Default: none. */
  readonly basePath?: string | undefined
  /**
   * Tells who makes a request; `null`: it is not known, so that every endpoint that needs a scope responds with 401.
   * The request's own `Authorization` is for this function only. Default: every request may do everything.
   */
  readonly authenticate?: ((request: Request) => Caller | null | Promise<Caller | null>) | undefined
  /** Origins of other sites whose pages may send requests, as `https://app.example.org`. Default: none. */
  readonly allowedOrigins?: readonly string[] | undefined
  /** The most event streams (`GET /live`) at a time; 0: there is no live channel. Default: 512. */
  readonly liveStreams?: number | undefined
  /** Default: silent. */
  readonly logger?: HandlerLogger | undefined
}

/** Responds to requests of the HTTP API. */
export interface Handler {
  /**
   * Resolves once the response has begun.
   *
   * @throws the reason of the request's signal, if that aborts before
   */
  (request: Request): Promise<Response>
  /** Ends the event streams, and rejects new messages from then on. To be called before the engine is closed. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Creates a function that serves the HTTP API of gitmsg, from a standard `Request` to a `Response`, for an application
 * in Hono, Next.js, Bun, Deno or anything else that has them. Nothing listens. It is the server's own API, with the
 * live channel as an event stream, and without WebSocket, accounts, rate limits, metrics and the web tester. The
 * application decides which hosts it serves.
 *
 * @example
 * const gitmsg = await openGitmsg({ directory: 'data' })
 * const handler = createHandler(gitmsg, { basePath: '/chat' })
 * new Hono().all('/chat/*', (context) => handler(context.req.raw))
 */
export declare function createHandler(gitmsg: EmbeddedEngine, options?: HandlerOptions): Handler
