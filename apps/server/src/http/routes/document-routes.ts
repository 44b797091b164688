import type { Router, RouterContext } from '@koa/router'
import { buildDocument } from '../openapi/build-document.js'

/** The endpoint for the OpenAPI document. It needs no token: a client has to learn how to use one. */
export function addDocumentRoutes(router: Router): void {
  const text = JSON.stringify(buildDocument())

  router.get('/openapi.json', getDocument)

  function getDocument(context: RouterContext): void {
    context.type = 'application/json; charset=utf-8'
    context.body = text
  }
}
