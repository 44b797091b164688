export type { BackendFixture, OpenBackendFixture } from './backend-fixture.js'
export { describeBackendContract } from './describe-backend-contract.js'
export {
  createFakeGithub,
  type FakeGithub,
  type FakeGithubOptions,
} from './fake-github/create-fake-github.js'
export type { FakeResponse } from './fake-github/fake-response.js'
export type { FakeFault, FakeRequest, FakeSettings } from './fake-github/fake-settings.js'
export type { LoggedRequest } from './fake-github/handle-request.js'
