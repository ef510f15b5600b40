#pragma once
#include <cstdint>
#include <vector>

#include "analysis/hdf5.hpp"
#include "models/catalogue.hpp"

namespace tl {

/// What the settings are measured by, row for row with Catalogue::settings; 0 = none stated.
struct SettingTerms {
  std::vector<double> standard_days;  ///< a wait up to this meets the setting's standard
  std::vector<double> return_days;    ///< an admission this soon after leaving is a return
};

/// A catalogue and the settings' terms, written into a group as columns of names and numbers.
void write_words(hid_t group, const Catalogue& words, const SettingTerms& terms);
/// Reads them back. @throws StoreError  when a column is missing or of another length than its neighbours
Catalogue read_words(hid_t group, SettingTerms& terms);

}  // namespace tl
