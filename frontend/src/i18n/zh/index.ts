import type en from '../en'
import * as common from './common'
import * as frame from './frame'
import * as jobs from './jobs'

const messages: typeof en = { ...common, ...frame, ...jobs }

export default messages
