// Asks anew for what an import has changed, and for nothing else.
import { makeOperation, mapExchange, type AnyVariables, type Client, type Operation } from '@urql/core'
import type { Change } from './live'

/** The units that an object of variables names, as LEVEL:CODE where it names the level, else as the code or id alone. */
export function named(variables: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(variables)) variables.forEach((one) => named(one, found))
  else if (variables && typeof variables === 'object') {
    const { level, code, id } = variables as Record<string, unknown>
    if (typeof code === 'string' && code) found.add(typeof level === 'string' ? `${level}:${code}` : code)
    if (typeof id === 'string' && id) found.add(id)
    Object.values(variables).forEach((one) => named(one, found))
  }
  return found
}

/**
 * Whether the answer to a question may be another one since a change. A change names the units touched and all that they lie
 * in: so a question about units is touched where one of them is named, and one that names none always is.
 */
export function touches(variables: unknown, change: Pick<Change, 'complete' | 'units'>): boolean {
  const units = named(variables)
  if (!change.complete || units.size === 0) return true
  return change.units.some(({ id, level, code }) => units.has(`${level}:${code}`) || units.has(code) || units.has(id))
}

/** Whether anything drawn may be another: an import of another source or licence changes no unit. */
export const draws = (change: Pick<Change, 'complete' | 'units'>) => !change.complete || change.units.length > 0

let client: Client | null = null
let changes: Change[] = []
/** Changes that are no longer kept. */
let forgotten = 0
const most = 50
const active = new Map<number, Operation>()
/** Of each answer kept, how many changes there had been when it was asked for. */
const asked = new Map<number, number>()
const failed = new Set<number>()
const listeners = new Set<() => void>()

const count = () => forgotten + changes.length
const stale = (operation: Operation) => {
  const since = asked.get(operation.key)
  if (since === undefined || since === count()) return false
  return since < forgotten || changes.slice(since - forgotten).some((change) => touches(operation.variables, change))
}
const anew = <V extends AnyVariables>(operation: Operation<unknown, V>) => makeOperation('query', operation, { ...operation.context, requestPolicy: 'network-only' })

/** Notes which questions are asked; one that is asked again after a change that touches it goes to the server. */
export const refreshExchange = mapExchange({
  onOperation: (operation) => {
    if (operation.kind === 'teardown') active.delete(operation.key)
    if (operation.kind !== 'query') return
    active.set(operation.key, operation)
    const outdated = stale(operation)
    if (!asked.has(operation.key) || outdated || operation.context.requestPolicy === 'network-only') asked.set(operation.key, count())
    return outdated ? anew(operation) : undefined
  },
  onResult: ({ operation, error }) => {
    if (error) failed.add(operation.key)
    else failed.delete(operation.key)
  },
})

/** The client whose questions are asked anew. */
export const refreshes = (of: Client) => void (client = of)

/** Something has changed: what is on the screen and may be another is asked for anew. */
export function changed(change: Change) {
  changes.push(change)
  if (changes.length > most) {
    forgotten += changes.length - most
    changes = changes.slice(-most)
  }
  for (const operation of active.values()) if (stale(operation)) client?.reexecuteOperation(anew(operation))
  if (draws(change)) for (const listener of listeners) listener()
}

/** The server is back: what it could not answer is asked again. */
export function recovered() {
  for (const operation of active.values()) if (failed.has(operation.key)) client?.reexecuteOperation(anew(operation))
}

/** Calls back after each change of something that is drawn, until the returned function is called. */
export function onDrawn(listener: () => void) {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
