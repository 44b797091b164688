import { createEngine, type Engine } from '@gitmsg/core'
import type { Logger } from 'pino'
import type { Environment, ServerConfig } from './config/server-config.js'
import { type OpenData, openData } from './open-data.js'

/** A {@link OpenData} with the engine that runs on it. */
export interface OpenEngine extends OpenData {
  readonly engine: Engine
}

/** Starts the engine in this thread, for who has nothing else to do meanwhile; closing ends it first. */
export async function openEngine(
  config: ServerConfig,
  environment: Environment,
  { logger }: { logger: Logger },
): Promise<OpenEngine> {
  const data = await openData(config, environment, { logger, rebuildable: true })
  const { store, backend } = data
  const engine = createEngine({ store, backend, logger, fetchInterval: config.fetchIntervalMs })
  return {
    ...data,
    engine,
    async close() {
      await engine.close()
      await data.close()
    },
  }
}
