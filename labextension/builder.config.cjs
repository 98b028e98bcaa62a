// Names instead of numbers, so that a build in any folder gives the same bytes.
module.exports = {
  optimization: { moduleIds: 'named', chunkIds: 'named' }
};
