#pragma once
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/arrays.hpp"
#include "sim/result.hpp"

// The replications of a scenario, which may be more than memory holds: they are gone through one after another, and
// what a table wants of them is taken out in one go.
namespace tl {

/// Where replications are kept: results.h5, or the shards of a store.
class ReplicationSource {
 public:
  virtual ~ReplicationSource() = default;
  virtual std::size_t count() const = 0;
  /// Calls `with` for each in order; what is not wanted is 0 in it, or what it was.
  using With = std::function<void(const ReplicationResult&)>;
  virtual void each(Arrays wanted, const With& with) = 0;
  /// One of them, whole.
  virtual ReplicationResult read(std::size_t index) = 0;
  /// Adds all to arrays that are written.
  virtual void copy_to(ReplicationArrays& arrays);
};

/// A value of each replication; none where it has no meaning.
using Values = std::vector<std::optional<double>>;

/// A number that is wanted of every replication.
struct Question {
  std::string name;  ///< equal names mean equal questions
  Arrays wanted = Arrays::all;
  std::function<std::optional<double>(const ReplicationResult&)> value;
};

/// The replications of one scenario: held in memory, or in a source and read when they are looked at.
///
/// To look at all of them use each() or values(): with a source, begin() and [] read one at a time, all arrays of it.
/// Copies share the source.
class Replications {
 public:
  Replications() = default;
  Replications(std::initializer_list<ReplicationResult> held) : held_{held} {}
  explicit Replications(std::shared_ptr<ReplicationSource> source);

  bool are_held() const { return !source_; }
  std::size_t size() const { return source_ ? source_->count() : held_.size(); }
  bool empty() const { return size() == 0; }

  /// Calls `with` for each in order; the result is there until it returns.
  void each(Arrays wanted, const ReplicationSource::With& with) const;
  /// The answer of each replication. While a Together lives it is empty of values at first, see there.
  Values values(const Question& question) const;
  void copy_to(ReplicationArrays& arrays) const;

  /// Of those that are in a source a copy, read for it.
  ReplicationResult operator[](std::size_t index) const;
  class Iterator;
  Iterator begin() const;
  Iterator end() const;

  /// To be changed they are all taken into memory.
  ReplicationResult& operator[](std::size_t index) { return held()[index]; }
  std::vector<ReplicationResult>::iterator begin() { return held().begin(); }
  std::vector<ReplicationResult>::iterator end() { return held().end(); }
  std::vector<ReplicationResult>& held();
  void push_back(ReplicationResult result) { held().push_back(std::move(result)); }

 private:
  friend class Together;
  /// What was asked of a source.
  struct Asked {
    bool noting = false;  ///< questions are noted, to be answered together
    std::map<std::string, Values> answers;
    std::map<std::string, Question> open;
  };
  void answer_open() const;

  std::vector<ReplicationResult> held_;
  std::shared_ptr<ReplicationSource> source_;
  std::shared_ptr<Asked> asked_;
};

/// Over all replications, those in a source read one by one.
class Replications::Iterator {
 public:
  using value_type = ReplicationResult;
  using difference_type = std::ptrdiff_t;
  using reference = const ReplicationResult&;
  using pointer = const ReplicationResult*;
  using iterator_category = std::input_iterator_tag;
  Iterator(const Replications& of, std::size_t index) : of_{&of}, index_{index} {}
  reference operator*() const;
  pointer operator->() const { return &**this; }
  Iterator& operator++() {
    ++index_;
    room_.reset();
    return *this;
  }
  Iterator operator++(int) {
    const Iterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const Iterator& a, const Iterator& b) { return a.index_ == b.index_; }

 private:
  const Replications* of_;
  std::size_t index_;
  mutable std::shared_ptr<ReplicationResult> room_;
};

/// While it lives, what is asked of these replications is only noted, and answered with no values; answer() then reads
/// all that was noted in one pass, and asked again it is there. Afterwards the answers are forgotten.
class Together {
 public:
  explicit Together(const std::vector<const Replications*>& of);
  Together(const Together&) = delete;
  Together& operator=(const Together&) = delete;
  ~Together();
  /// @returns whether there was anything to be read
  bool answer();

 private:
  std::vector<const Replications*> of_;  ///< those in a source that no other Together looks after
};

/// What `make` makes of these replications, which are gone through once for all that it asks for (and once more for
/// what it asks for only then). It must not do anything beside: it is carried out more than once.
template <class Make>
auto made_together(const std::vector<const Replications*>& of, const Make& make) {
  Together together{of};
  for (;;) {
    auto made = make();
    if (!together.answer()) return made;
  }
}

}  // namespace tl
