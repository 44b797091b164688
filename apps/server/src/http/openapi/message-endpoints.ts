import { inputJsonSchemas } from '@gitmsg/core'
import { feedQuery, liveQuery } from '../feed-position.js'
import { BODY_ERRORS, STORAGE_ERRORS, WRITE_ERRORS } from './error-responses.js'
import {
  IDEMPOTENCY_KEY,
  IF_MATCH,
  IF_NONE_MATCH,
  LAST_EVENT_ID,
  MESSAGE_KEY,
  type Operations,
  queryParameters,
} from './operation.js'

const { query, page, search, threadPage, topicPage } = inputJsonSchemas()

const MAY_CHANGE =
  'A token that is bound to a sender can change the messages of that sender only; one with the scope `moderate` those of any sender, and `updated_by` then names who did.'

/** The endpoints for messages. */
export const MESSAGE_OPERATIONS: Operations = {
  'POST /messages': {
    id: 'postMessage',
    tag: 'Messages',
    summary: 'Post a message',
    description:
      'The message is durable as soon as you receive the response, and is committed to the repository soon after. A token that is bound to a sender can post as that sender only; the sender of an account is its handle, and may be left out. A reaction is stored once: posting it again returns the first one.',
    scopes: ['write'],
    parameters: [IDEMPOTENCY_KEY],
    body: 'NewMessage',
    response: {
      status: 201,
      description: 'The message was stored.',
      schema: 'PostedMessage',
      headers: ['Location'],
    },
    otherResponse: {
      status: 202,
      description:
        'The post waits for a moderator, who may publish it. The same key and body return this again.',
      schema: 'HeldMessage',
    },
    errors: [
      ...STORAGE_ERRORS,
      ...WRITE_ERRORS,
      ...BODY_ERRORS,
      'sender_not_allowed',
      'sender_reserved',
      'duplicate_message',
      'too_many_held',
      'format_too_old',
      'idempotency_key_reused',
      'invalid_reply_to',
      'invalid_timestamp',
    ],
  },
  'GET /messages': {
    id: 'listMessages',
    tag: 'Messages',
    summary: 'List messages, newest first',
    description:
      'Returns the messages that match all given parameters. Follow the `Link` header to the next page; a page costs the same at any depth. Deleted messages and reactions are only listed with `deleted=true` and `format=reaction`.',
    scopes: ['read'],
    parameters: [...queryParameters(query), IF_NONE_MATCH],
    response: {
      status: 200,
      description: 'A page of messages.',
      schema: 'MessageList',
      headers: ['Link', 'ETag', 'Gitmsg-Position'],
    },
    errors: [...STORAGE_ERRORS, 'invalid_cursor'],
  },
  'GET /messages/:key': {
    id: 'findMessage',
    tag: 'Messages',
    summary: 'Get a message',
    scopes: ['read'],
    parameters: [MESSAGE_KEY],
    response: {
      status: 200,
      description: 'The message with its file, its place in the feed, and its synchronization state.',
      schema: 'MessageDetails',
      headers: ['ETag', 'Gitmsg-Position'],
    },
    errors: [...STORAGE_ERRORS, 'not_found', 'deleted'],
  },
  'PATCH /messages/:key': {
    id: 'editMessage',
    tag: 'Messages',
    summary: 'Edit a message',
    description: `The message gets its next version, which is a commit of its own. If nothing changes, there is no new version. ${MAY_CHANGE}`,
    scopes: ['write', 'moderate'],
    parameters: [MESSAGE_KEY, IF_MATCH, IDEMPOTENCY_KEY],
    body: 'MessageChanges',
    response: {
      status: 200,
      description: 'The edited message.',
      schema: 'MessageDetails',
      headers: ['ETag'],
    },
    errors: [
      ...STORAGE_ERRORS,
      ...WRITE_ERRORS,
      ...BODY_ERRORS,
      'invalid_precondition',
      'sender_not_allowed',
      'approval_required',
      'not_found',
      'format_too_old',
      'deleted',
      'version_conflict',
      'idempotency_key_reused',
      'not_editable',
    ],
  },
  'DELETE /messages/:key': {
    id: 'deleteMessage',
    tag: 'Messages',
    summary: 'Delete a message',
    description: `A tombstone without content takes its place here and in the repository, whose history keeps the versions that were committed. Deleting it again changes nothing. ${MAY_CHANGE}`,
    scopes: ['write', 'moderate'],
    parameters: [MESSAGE_KEY, IF_MATCH],
    response: { status: 204, description: 'The message is deleted.' },
    errors: [
      ...STORAGE_ERRORS,
      ...WRITE_ERRORS,
      'invalid_precondition',
      'sender_not_allowed',
      'not_found',
      'format_too_old',
      'version_conflict',
    ],
  },
  'GET /messages/:key/history': {
    id: 'listVersions',
    tag: 'Messages',
    summary: 'List the versions of a message, newest first',
    scopes: ['read'],
    parameters: [MESSAGE_KEY, ...queryParameters(page), IF_NONE_MATCH],
    response: {
      status: 200,
      description: 'A page of versions.',
      schema: 'MessageHistory',
      headers: ['Link', 'ETag', 'Gitmsg-Position'],
    },
    errors: [...STORAGE_ERRORS, 'invalid_cursor', 'not_found', 'deleted'],
  },
  'GET /messages/:key/thread': {
    id: 'readThread',
    tag: 'Messages',
    summary: 'List the thread of a message, oldest first',
    description:
      'Returns the message with which the thread begins, even if that is deleted, and all replies, direct or not. Any message of the thread names it.',
    scopes: ['read'],
    parameters: [MESSAGE_KEY, ...queryParameters(threadPage), IF_NONE_MATCH],
    response: {
      status: 200,
      description: 'A page of messages.',
      schema: 'MessageList',
      headers: ['Link', 'ETag', 'Gitmsg-Position'],
    },
    errors: [...STORAGE_ERRORS, 'invalid_cursor', 'not_found'],
  },
  'GET /search': {
    id: 'searchMessages',
    tag: 'Messages',
    summary: 'Find messages by their words',
    description:
      'Neither reactions nor deleted messages are found; edits count at once. A word is a run of letters and digits, with punctuation inside a phrase; Chinese, Japanese and Thai are found by any part of a text. At most 16 words count. A page may be short, or empty, while the `Link` header goes on.',
    scopes: ['read'],
    parameters: [...queryParameters(search), IF_NONE_MATCH],
    response: {
      status: 200,
      description: 'A page of messages with the parts of their texts that match.',
      schema: 'FoundMessages',
      headers: ['Link', 'ETag', 'Gitmsg-Position'],
    },
    errors: [...STORAGE_ERRORS, 'invalid_cursor', 'too_long', 'indexing'],
  },
  'GET /topics': {
    id: 'listTopics',
    tag: 'Messages',
    summary: 'List topics, latest activity first',
    scopes: ['read'],
    parameters: [...queryParameters(topicPage), IF_NONE_MATCH],
    response: {
      status: 200,
      description: 'A page of topics.',
      schema: 'TopicList',
      headers: ['Link', 'ETag', 'Gitmsg-Position'],
    },
    errors: [...STORAGE_ERRORS, 'invalid_cursor'],
  },
  'GET /changes': {
    id: 'listChanges',
    tag: 'Messages',
    summary: 'List what has changed, in the order of the changes',
    description:
      'The feed: each message once, as it is now, at the place of its last visible change; reactions and deleted messages included. Go on after `position` until `messages` is empty.',
    scopes: ['read'],
    parameters: [...queryParameters(feedQuery), IF_NONE_MATCH],
    response: {
      status: 200,
      description: 'A page of the feed.',
      schema: 'Changes',
      headers: ['ETag', 'Gitmsg-Position'],
    },
    errors: [...STORAGE_ERRORS, 'invalid_cursor', 'epoch_changed', 'position_ahead'],
  },
  'GET /live': {
    id: 'followChanges',
    tag: 'Messages',
    summary: 'Follow what changes, as it happens',
    description:
      'A WebSocket with the subprotocol `gitmsg.live.v1` (status 101), or with `Accept: text/event-stream` an event stream. `/asyncapi.json` describes the frames of both. A browser sends its token in the first frame of the WebSocket, a program can send it with the request.',
    scopes: ['read'],
    parameters: [...queryParameters(liveQuery), LAST_EVENT_ID],
    response: {
      status: 200,
      description: 'An event stream, which does not end.',
      type: 'text/event-stream',
      schema: 'EventStream',
    },
    errors: [
      ...STORAGE_ERRORS,
      'invalid_cursor',
      'not_acceptable',
      'too_many_sockets',
      'live_full',
      'not_found',
    ],
  },
}
