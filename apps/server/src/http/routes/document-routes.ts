import type { Router, RouterContext } from '@koa/router'
import { buildAsyncapi } from '../../live/build-asyncapi.js'
import { buildDocument } from '../openapi/build-document.js'

/** The endpoints for the descriptions of this API. They need no token: a client has to learn how to use one. */
export function addDocumentRoutes(router: Router): void {
  router.get('/openapi.json', sendText(JSON.stringify(buildDocument())))
  router.get('/asyncapi.json', sendText(JSON.stringify(buildAsyncapi())))
}

function sendText(text: string): (context: RouterContext) => void {
  return function getDocument(context) {
    context.type = 'application/json; charset=utf-8'
    context.body = text
  }
}
