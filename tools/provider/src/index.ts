export { createIdTokens } from './id-tokens.js'
export { openFakeProvider, type ProviderBehavior } from './open-fake-provider.js'
