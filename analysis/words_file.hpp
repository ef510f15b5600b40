#pragma once
#include <cstdint>
#include <vector>

#include "analysis/hdf5.hpp"
#include "models/catalogue.hpp"

namespace tl {

/// A catalogue and the settings' standards, written into a group as columns of names and numbers.
void write_words(hid_t group, const Catalogue& words, const std::vector<double>& standard_days);
/// Reads them back. @throws StoreError  when a column is missing or of another length than its neighbours
Catalogue read_words(hid_t group, std::vector<double>& standard_days);

}  // namespace tl
