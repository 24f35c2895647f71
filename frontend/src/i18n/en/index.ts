import * as common from './common'
import * as frame from './frame'
import * as jobs from './jobs'

/** What each page needs; the rest comes with the pages that show it. */
export default { ...common, ...frame, ...jobs }
