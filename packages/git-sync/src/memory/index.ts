export { createMemoryBackend, type MemoryBackendOptions } from './memory-backend.js'
export { createMemoryRepository, type MemoryRepository } from './memory-repository.js'
