// The tensor folder's definitions, compiled once into kvt::compiled.
#include <kvt/tensor/detail/archive.ipp>
#include <kvt/tensor/detail/dense.ipp>
#include <kvt/tensor/detail/mapped_file.ipp>
#include <kvt/tensor/detail/safetensors.ipp>
#include <kvt/tensor/detail/safetensors_file.ipp>
#include <kvt/tensor/detail/safetensors_writer.ipp>
#include <kvt/tensor/detail/shard_index.ipp>
#include <kvt/tensor/detail/view.ipp>
