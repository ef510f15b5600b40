#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "models/model.hpp"

namespace tl::reading {

/// The numbers of a model in the order in which they are read. Kept for each strength that a model's levers have during
/// the run, they are joined into dated numbers, which then replace those of one more reading.
class NumberLog {
 public:
  struct Entry {
    VaryingNumber number;
    bool may_ramp = false;
    bool is_fixed = false;  ///< the engine knows one value of it for the whole run
  };

  NumberLog() = default;
  /// One that replaces what is read.
  explicit NumberLog(std::vector<Entry> joined) : entries_{std::move(joined)}, replaces_{true} {}

  void meet(VaryingNumber& number, bool may_ramp);
  void meet_fixed(const std::string& path, double value, const Place& at);
  void meet(VaryingDistribution& distribution);

  bool replaces() const { return replaces_; }
  const std::vector<Entry>& entries() const { return entries_; }

  /// While one lives, what is read is part of a number that will be met as a whole.
  class Part {
   public:
    explicit Part(NumberLog* log) : log_{log} {
      if (log_ != nullptr) ++log_->parts_;
    }
    ~Part() {
      if (log_ != nullptr) --log_->parts_;
    }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

   private:
    NumberLog* log_;
  };

 private:
  std::vector<Entry> entries_;
  bool replaces_ = false;
  std::size_t next_ = 0;
  int parts_ = 0;
};

}  // namespace tl::reading
