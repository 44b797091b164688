export type { BackendFixture, OpenBackendFixture } from './backend-fixture.js'
export { describeBackendContract } from './describe-backend-contract.js'
