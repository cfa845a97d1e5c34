// The unit that a pointer or the keyboard is at, in a list or on the map: each shows what the other is at. It is gone
// with the page, so it stands beside the address and not in it.
import { useSyncExternalStore } from 'react'
import { sameUnit, type Unit } from '../state'

let pointed: Unit[] = []
const listeners = new Set<() => void>()

/** Says where the pointer is: at a unit, and in those above it, which stand for it where the map does not draw it. */
export function pointAt(units: Unit[]) {
  if (units.length === pointed.length && units.every((one, index) => sameUnit(one, pointed[index] ?? null))) return
  pointed = units
  for (const listener of listeners) listener()
}

/** The unit that the pointer is at and those above it that are known, the nearest first; none: it is at no unit. */
export const usePointed = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => pointed,
  )
