/** `npm ci` must not need a browser host; the test command finds or installs one. */
module.exports = { skipDownload: true }
