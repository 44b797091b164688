import type { Router, RouterContext } from '@koa/router'
import { buildAsyncapi } from '../asyncapi/build-asyncapi.js'
import { buildDocument } from '../openapi/build-document.js'

/** The endpoints for the descriptions of this API. They need no token: a client has to learn how to use one. */
export function addDocumentRoutes(router: Router): void {
  router.get('/openapi.json', sendDocument(buildDocument))
  router.get('/asyncapi.json', sendDocument(buildAsyncapi))
}

/** Builds the document when it is first requested, because that takes a large part of a start. */
function sendDocument(build: () => object): (context: RouterContext) => void {
  let text: string | undefined
  return function getDocument(context) {
    text ??= JSON.stringify(build())
    context.type = 'application/json; charset=utf-8'
    context.body = text
  }
}
