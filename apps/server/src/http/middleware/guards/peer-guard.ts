import type { Context, Middleware } from 'koa'
import { type AddressList, clientAddress } from '../../../limits/peers.js'
import { problem } from '../../errors.js'

/** Sets `context.state.peer` to the client's address, which only trusted proxies can tell us. */
export function identifyPeer(proxies: AddressList | null): Middleware {
  return function peerAddress(context, next) {
    const { remoteAddress = '' } = context.socket
    const forwardedFor = context.get('X-Forwarded-For')
    context.state.peer = clientAddress(remoteAddress, { forwardedFor, proxies })
    return next()
  }
}

/** Rejects clients with addresses on the deny list. */
export function denyPeers(denied: AddressList): Middleware {
  return function peerGuard(context, next) {
    if (denied.has(context.state.peer)) {
      throw problem('address_denied', { logged: { setting: 'GITMSG_DENY' } })
    }
    return next()
  }
}

/** Who a request comes from, for the log. */
export function describeClient({ state }: Context) {
  const { requestId: request_id, peer, token } = state
  if (token?.account) return { request_id, peer, account: token.name }
  return { request_id, peer, token: token?.name }
}
