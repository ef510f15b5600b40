#pragma once

#include <cstdint>

namespace tl {

/// How large a model may be. The defaults hold unless a flag raises them; a test passes smaller ones.
/// Each is the largest that is still accepted.
struct Limits {
  std::uint64_t model_file_bytes = 16ull << 20;  ///< one TOML file
  std::uint64_t table_file_bytes = 64ull << 20;  ///< one CSV file; a row in memory is many times its text
  std::uint64_t files = 256;                     ///< in one model
  int nesting = 64;                              ///< tables and lists within each other, in a file or a cell
  std::uint64_t name_bytes = 200;                ///< of a table, field or row; control characters are never allowed
  std::uint64_t table_rows = 20'000'000;
  std::uint64_t table_columns = 1'000;
  std::uint64_t settings = 20'000;
  std::uint64_t routes = 200'000;
  std::uint64_t levers = 5'000;
  std::uint64_t groups = 200;                    ///< for which results are kept, over all traits
  std::uint64_t condition_alternatives = 1'000;  ///< per number
  std::uint64_t cells_per_number = 65'536;       ///< of a dense table a number is compiled to
  std::uint64_t cells_in_all = 1'000'000;
  std::uint64_t clients_alive = 20'000'000;
  std::uint64_t clients_ever = 2'000'000'000;
  std::uint64_t runs = 10'000'000;  ///< replications × sweep points
  double horizon_days = 200 * 365.25;
  std::uint64_t events_at_one_instant = 10'000'000;
  std::uint64_t rounds_at_one_instant = 1'000;
};

}  // namespace tl
