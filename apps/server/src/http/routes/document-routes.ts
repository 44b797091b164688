import type Router from '@koa/router'
import { buildDocument } from '../openapi/build-document.js'

/** The call that describes all calls; needs no token, so that whoever has one learns what to do with it. */
export function addDocumentRoutes(router: Router): void {
  const text = JSON.stringify(buildDocument())

  router.get('/openapi.json', (context) => {
    context.type = 'application/json; charset=utf-8'
    context.body = text
  })
}
