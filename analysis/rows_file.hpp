#pragma once
#include <optional>

#include "analysis/hdf5.hpp"
#include "analysis/many_rows.hpp"

// The groups /sweep and /uncertain of results.h5: docs/file-formats.md describes them.
namespace tl {

void write_sweep(hid_t file, const SweepResults& sweep);
void write_uncertain(hid_t file, const UncertainResults& uncertain);
/// Nothing when the file has none.
std::optional<SweepResults> read_sweep_results(hid_t file);
std::optional<UncertainResults> read_uncertain_results(hid_t file);

}  // namespace tl
