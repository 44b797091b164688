export type { BackendFixture, OpenBackendFixture } from './backend-fixture.js'
export { describeBackendContract } from './describe-backend-contract.js'
export type { LoggedRequest } from './fake-github/answer-call.js'
export {
  createFakeGithub,
  type FakeGithub,
  type FakeGithubOptions,
} from './fake-github/create-fake-github.js'
export type { FakeAnswer } from './fake-github/fake-answer.js'
export type { FakeFault, FakeRequest, FakeSettings } from './fake-github/fake-settings.js'
