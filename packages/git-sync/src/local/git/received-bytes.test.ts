import { expect, it } from 'vitest'
import { createReceivedReader } from './received-bytes.js'

it('reads from the progress of a fetch what was received, in pieces of any length', () => {
  const progress = [
    'remote: Counting objects: 100% (9/9), done.\n',
    'remote: Receiving objects: 99% (8/9), 9.00 GiB | 1 MiB/s\r',
    'Receiving objects:  33% (3/9)\rReceiving objects:  44% (4/9), 512 bytes | 1 KiB/s\r',
    'Unpacking objects:  50% (1/2), 1.50 MiB | 2.00 MiB/s\r',
    'Receiving objects: 100% (9/9), 2.25 GiB | 10.00 MiB/s, done.\n',
    'Resolving deltas: 100% (1/1), done.\n',
  ].join('')
  for (const length of [1, 7, 1000]) {
    const received: number[] = []
    const read = createReceivedReader((bytes) => received.push(bytes))
    for (let start = 0; start < progress.length; start += length) {
      read(Buffer.from(progress.slice(start, start + length)))
    }
    expect(received).toEqual([512, 1.5 * 1024 ** 2, 2.25 * 1024 ** 3])
  }
})
