import { compare } from './compare.js'
import { openGitmsgJourney, openScriptJourney } from './measures/journeys.js'
import { baseSize, inThousands, type Part } from './part.js'
import { copyTree } from './rig/copy-tree.js'
import { inTemporaryFolder } from './rig/temporary-folder.js'

const MESSAGES = 25

/** One message at a time, while nothing else happens. */
export const journey: Part = {
  name: 'journey',
  title: 'from the 201 to the remote, one message at a time, beside a script',
  async run(bench) {
    const size = baseSize(bench)
    const fixture = await bench.fixtures.synchronized(size)
    return inTemporaryFolder((gitmsgFolder) =>
      inTemporaryFolder(async (scriptFolder) => {
        await copyTree(fixture, gitmsgFolder)
        await copyTree(fixture, scriptFolder)
        const gitmsg = await openGitmsgJourney(gitmsgFolder)
        const script = await openScriptJourney(scriptFolder, size)
        try {
          const what = `journey of a message to a file remote of ${inThousands(size)} messages`
          const contenders = [
            { name: 'gitmsg', run: gitmsg.run },
            { name: 'git fast-import and push', run: script.run },
          ]
          return [await compare({ id: 'journey', what }, { rounds: MESSAGES, contenders })]
        } finally {
          await script.close()
          await gitmsg.close()
        }
      }),
    )
  },
}
