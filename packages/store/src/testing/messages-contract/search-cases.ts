import type { MessageSearch } from '../../message-query.js'
import type { Store } from '../../store.js'
import { minute, newMessage, reply } from '../messages.js'

/** Ids 1 to 6: `apple` in all but 6; a thread of 2, 3 and 4; topics; times by the minute; ada and bob in turn. */
export async function createFruits(store: Store): Promise<void> {
  const post = (content: string, fields: object) => store.createMessage(newMessage({ content, ...fields }))
  const at = (count: number) => ({ timestamp: minute(count), sender: count % 2 ? 'ada' : 'bob' })
  await post('Apple pie', at(1))
  await post('apple juice, apple tea', { uid: 'root', topic: 'drinks', ...at(2) })
  await reply(store, 'root', { uid: 'a', content: 'pie and apple', ...at(3) })
  await reply(store, 'a', { uid: 'b', content: 'apple', topic: 'lunch', ...at(4) })
  await post('an apple a day', { topic: 'lunch', ...at(5) })
  await post('pear', at(6))
}

/** What is found of them: the ids, the newest first. */
export const SEARCHES: readonly (readonly [MessageSearch, readonly number[]])[] = [
  [{ words: ['apple'] }, [5, 4, 3, 2, 1]],
  [{ words: ['APPLE', 'pie'] }, [3, 1]],
  [{ phrases: ['apple pie'] }, [1]],
  [{ words: ['apple-pie'] }, [1]],
  [{ words: ['apple'], without: ['pie'] }, [5, 4, 2]],
  [{ words: ['apple'], without: ['juice', 'an apple'] }, [4, 3, 1]],
  [{ words: ['apple'], without: ['apple pie', '!'] }, [5, 4, 3, 2]],
  [{ without: ['pie'] }, []],
  [{ prefix: 'ap' }, [5, 4, 3, 2, 1]],
  [{ prefix: 'apple p' }, []],
  [{ prefix: 'apple pi' }, [1]],
  [{ prefix: 'a' }, [5]],
  [{ words: ['pie'], prefix: 'an' }, [3]],
  [{ words: ['nothing'] }, []],
  [{}, []],
  [{ words: [], phrases: ['...'], prefix: '*' }, []],
  [{ words: ['apple', '—'] }, [5, 4, 3, 2, 1]],
  [{ words: ['apple\0pie'], without: ['\ud800'] }, [1]],
  [{ words: ['OR'] }, []],
  [{ words: ['and'] }, [3]],
  [{ words: ['apple'], limit: 2 }, [5, 4]],
  [{ words: ['apple'], limit: 2, before: 4 }, [3, 2]],
  [{ words: ['apple'], before: 1 }, []],
  [{ words: ['apple'], sender: 'ada' }, [5, 3, 1]],
  [{ words: ['apple'], sender: 'Ada' }, []],
  [{ words: ['apple'], topic: 'drinks' }, [3, 2]],
  [{ words: ['apple'], thread: 'root' }, [4, 3, 2]],
  [{ words: ['juice'], thread: 'root' }, [2]],
  [{ words: ['apple'], thread: 'a' }, [3]],
  [{ words: ['apple'], thread: 'unknown' }, []],
  [{ words: ['apple'], since: minute(2), until: minute(4) }, [3, 2]],
  [{ words: ['apple'], sender: 'bob', topic: 'lunch', until: minute(5) }, [4]],
  [{ words: ['apple'], sender: 'bob', topic: 'lunch', since: minute(5) }, []],
]
