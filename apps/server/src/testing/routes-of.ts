import type Router from '@koa/router'
import type Koa from 'koa'

/** Every route of the app's routers, so that no test has to list them. */
export function routesOf(app: Koa): Router['stack'] {
  const routers = app.middleware.flatMap((middleware) =>
    'router' in middleware ? [middleware.router as Router] : [],
  )
  return routers.flatMap(({ stack }) => stack)
}
