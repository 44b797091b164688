export { createMemoryBackend, type MemoryBackendOptions } from './memory-backend.js'
export {
  branchOf,
  createMemoryRepository,
  type MemoryBranch,
  type MemoryCommit,
  type MemoryFile,
  type MemoryRepository,
} from './memory-repository.js'
