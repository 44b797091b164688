export {
  branchOf,
  createMemoryBackend,
  createMemoryRepository,
  type MemoryBackendOptions,
  type MemoryBranch,
  type MemoryRepository,
} from './memory-backend.js'
