// Addresses of files under /export/, with the arguments of what is shown.
import type { AdminLevel, MapMeasure } from '../api/documents'
import type { Language, Unit, View } from '../state'

export const formats = ['csv', 'xlsx', 'geojson', 'gpkg'] as const
export const files = ['coverage', 'gaps', 'gap-areas', 'addresses', 'quality'] as const
export type File = (typeof files)[number]
export type Format = (typeof formats)[number]

/** What is shown: the view, with what it leaves to the data filled in. */
export type Shown = {
  day: string
  within: Unit
  level: AdminLevel
  measure: MapMeasure
  lang: Language
  view: Pick<View, 'boundariesAsOf' | 'service' | 'remoteOnly' | 'reasons' | 'minGapHouseholds' | 'target' | 'teamReachMetres' | 'maxHouseholdsPerMember' | 'staleAfterMonths'>
}

/** The address of a file that holds what is shown. Each file is given those arguments of the view that it has. Kinds of defects: all that who asks may have; null: every one. */
export function exportLink(file: File, format: Format, { day, within, level, measure, lang, view }: Shown, kinds: string[] | null): string {
  const units = { boundariesAsOf: view.boundariesAsOf, remoteOnly: view.remoteOnly }
  const own = {
    coverage: { ...units, level, measure, service: measure === 'SERVICE_SHARE' ? view.service : null },
    gaps: {
      ...units,
      reasons: view.reasons.length > 0 ? view.reasons.join() : null,
      minGapHouseholds: view.minGapHouseholds,
      target: view.target,
      teamReachMetres: view.teamReachMetres,
      maxHouseholdsPerMember: view.maxHouseholdsPerMember,
      staleAfterMonths: view.staleAfterMonths,
    },
    'gap-areas': {},
    addresses: {},
    quality: { staleAfterMonths: view.staleAfterMonths, kinds: kinds && kinds.join() },
  }[file]
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ asOf: day, within: `${within.level}:${within.code}`, ...own, lang })) {
    if (value !== null) query.set(name, String(value))
  }
  return `/export/${file}.${format}?${query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%2F', '/')}`
}

/** A name for a file that is made here: without marks or what a file system may not take. */
export function fileName(...parts: string[]): string {
  return parts
    .join(' ')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('đ', 'd')
    .replaceAll('Đ', 'D')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}
