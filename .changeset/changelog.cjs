// A changelog: the text of each changeset, and one line for each @gitmsg dependency with a new version.
exports.getReleaseLine = async ({ summary }) => `- ${summary.trim().replaceAll('\n', '\n  ')}`

exports.getDependencyReleaseLine = async (_changesets, dependencies) =>
  dependencies.map(({ name, newVersion }) => `- Works with \`${name}\` ${newVersion}.`).join('\n')
