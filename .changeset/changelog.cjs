// What a release says: each changeset's own sentences, and one line for each dependency of ours that moved.
exports.getReleaseLine = async ({ summary }) => `- ${summary.trim().replaceAll('\n', '\n  ')}`

exports.getDependencyReleaseLine = async (_changesets, dependencies) =>
  dependencies.map(({ name, newVersion }) => `- Works with \`${name}\` ${newVersion}.`).join('\n')
