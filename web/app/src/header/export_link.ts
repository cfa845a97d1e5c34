// Addresses of files under /export/, with the arguments of what is shown.
import type { AdminLevel, MapMeasure, Right } from '../api/documents'
import type { Language, Unit, View } from '../state'

export const formats = ['csv', 'xlsx', 'geojson', 'gpkg'] as const
export const files = ['coverage', 'gaps', 'gap-areas', 'addresses', 'quality'] as const
export type File = (typeof files)[number]
/** What each file needs. */
export const needs: Record<File, Right> = { coverage: 'DECISIONS', gaps: 'DECISIONS', 'gap-areas': 'DECISIONS', addresses: 'PERSONS', quality: 'DECISIONS' }
/** The kinds of defects whose cases are no persons: all that the file may hold for whoever may not see those. */
const ofUnits = ['overlap', 'hole', 'same_name', 'report_share_above_1', 'uptake_above_1', 'stale_report', 'stale_dataset', 'team_without_base', 'team_without_members']
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

/** The address of a file that holds what is shown. Each file is given those arguments of the view that it has. */
export function exportLink(file: File, format: Format, { day, within, level, measure, lang, view }: Shown, persons: boolean): string {
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
    quality: { staleAfterMonths: view.staleAfterMonths, kinds: persons ? null : ofUnits.join() },
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
