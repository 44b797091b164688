import type { Environment } from './server-config.js'
import type { Setting } from './settings.js'

/** Reads single settings; what is wrong goes to `problems`, so that all of it can be reported together. */
export interface EnvironmentReader {
  readonly problems: string[]
  /** The variable's text; empty counts as absent. */
  text(name: Setting): string | undefined
  /** The same where empty is a problem: nobody sets a token in vain. */
  filled(name: Setting): string | undefined
  integer(name: Setting, options: { default: number; min: number; max: number }): number
  oneOf<Value extends string>(name: Setting, values: readonly Value[], fallback: Value): Value
  /** Runs a check that throws; its message becomes the problem. */
  check<Value>(name: Setting, check: () => Value, fallback: Value): Value
}

export function createEnvironmentReader(environment: Environment): EnvironmentReader {
  const problems: string[] = []
  const text = (name: Setting) => environment[name] || undefined

  return {
    problems,
    text,

    filled(name) {
      if (environment[name]?.trim() !== '') return environment[name]
      problems.push(`${name} is empty: leave it out where there is none`)
      return undefined
    },

    integer(name, { default: fallback, min, max }) {
      const given = text(name)
      if (given === undefined) return fallback
      const number = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN
      if (number >= min && number <= max) return number
      problems.push(`${name} must be a whole number from ${min} to ${max}`)
      return fallback
    },

    oneOf(name, values, fallback) {
      const given = text(name)
      if (given === undefined) return fallback
      const value = values.find((candidate) => candidate === given)
      if (value === undefined) problems.push(`${name} must be one of ${values.join(', ')}`)
      return value ?? fallback
    },

    check(name, check, fallback) {
      try {
        return check()
      } catch (error) {
        problems.push(`${name}: ${error instanceof Error ? error.message : 'is not valid'}`)
        return fallback
      }
    },
  }
}
