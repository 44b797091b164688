export { createMemoryBackend, type MemoryBackendOptions } from './memory-backend.js'
export {
  branchOf,
  createMemoryRepository,
  type MemoryBranch,
  type MemoryRepository,
} from './memory-repository.js'
