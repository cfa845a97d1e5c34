import { expect, test } from 'vitest'
import { readView } from '../state'
import { exportLink, fileName, type Shown } from './export_link'

const shown = (query: string): Shown => ({ day: '2024-09-30', within: { level: 'DISTRICT', code: '972' }, level: 'HAMLET', measure: 'SHARE', lang: 'vi', view: readView(query) })

test('a file has the arguments of the view that it knows, and no others', () => {
  const view = shown('boundariesAsOf=2024-12-01&remoteOnly=true&reasons=NO_TEAM,STALE&target=0.8')
  expect(exportLink('coverage', 'xlsx', view, null)).toBe('/export/coverage.xlsx?asOf=2024-09-30&within=DISTRICT:972&boundariesAsOf=2024-12-01&remoteOnly=true&level=HAMLET&measure=SHARE&lang=vi')
  expect(exportLink('gaps', 'csv', view, null)).toBe(
    '/export/gaps.csv?asOf=2024-09-30&within=DISTRICT:972&boundariesAsOf=2024-12-01&remoteOnly=true&reasons=NO_TEAM,STALE&minGapHouseholds=1&target=0.8&teamReachMetres=3000&maxHouseholdsPerMember=50&staleAfterMonths=6&lang=vi',
  )
  expect(exportLink('addresses', 'gpkg', view, null)).toBe('/export/addresses.gpkg?asOf=2024-09-30&within=DISTRICT:972&lang=vi')
  expect(exportLink('quality', 'geojson', view, null)).toBe('/export/quality.geojson?asOf=2024-09-30&within=DISTRICT:972&staleAfterMonths=6&lang=vi')
  expect(exportLink('quality', 'csv', view, ['overlap', 'hole'])).toContain('&kinds=overlap,hole&')
})

test('a service goes along only where its share is shown', () => {
  const view = shown('measure=SERVICE_SHARE&service=e_payment')
  expect(exportLink('coverage', 'csv', { ...view, measure: 'SERVICE_SHARE' }, null)).toContain('&service=e_payment')
  expect(exportLink('coverage', 'csv', view, null)).not.toContain('service')
})

test('a file is named without marks', () => {
  expect(fileName('vunglom', 'Tỷ lệ hộ đã hướng dẫn', 'huyện Đầm Dơi', '2024-09-30')).toBe('vunglom-ty-le-ho-da-huong-dan-huyen-dam-doi-2024-09-30')
})
