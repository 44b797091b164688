import { isDeepStrictEqual } from 'node:util'
import type { Message, MessageDetails, Position } from '@gitmsg/client'
import type { Comparison } from '../../oracle/compare.js'

/** A client of the live channel. */
export interface Follower {
  readonly ledger: Ledger
  /** What it shows at present, as `GET /messages`. Left out: it shows nothing. */
  readonly shown?: () => readonly Message[]
  stop(): void
}

/** Where a client follows a server, and from which place on. */
export interface FollowOptions {
  readonly url: string
  readonly start: Position
  /** How many times as fast as the real one its clock is, by which it notices that a connection is dead. */
  readonly clockSpeed: number
}

/** Everything that a client was given, in order. */
export interface Ledger {
  /** How many times it was given a message. */
  readonly entries: number
  add(message: MessageDetails): void
  /**
   * Compares it with what the server has in the end, by uid: of each message the client must have been given the last
   * state, and none twice. States in between may be left out.
   */
  compare(feed: ReadonlyMap<string, MessageDetails>): Comparison
}

/** @param options.comparesPositions whether the positions of messages must be the server's, too; default: yes */
export function createLedger({ comparesPositions = true } = {}): Ledger {
  const latest = new Map<string, MessageDetails>()
  let entries = 0
  let duplicated = 0

  const isEqual = (given: MessageDetails | undefined, message: MessageDetails): boolean =>
    isDeepStrictEqual(
      comparesPositions ? given : { ...given, position: 0 },
      comparesPositions ? message : { ...message, position: 0 },
    )

  return {
    get entries() {
      return entries
    },
    add(message) {
      entries += 1
      const before = latest.get(message.uid)
      if (before && before.position >= message.position) duplicated += 1
      else latest.set(message.uid, message)
    },
    compare(feed) {
      const last = [...feed.values()]
      const positionOf = ({ uid }: MessageDetails) => latest.get(uid)?.position ?? -1
      return {
        lost: last.filter((message) => positionOf(message) < message.position).length,
        unexpected: [...latest.keys()].filter((uid) => !feed.has(uid)).length,
        duplicated,
        corrupted: last.filter(
          (message) => positionOf(message) >= message.position && !isEqual(latest.get(message.uid), message),
        ).length,
      }
    },
  }
}
