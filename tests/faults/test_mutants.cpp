#include <iostream>

#include "analysis/manifest.hpp"
#include "analysis/results_file.hpp"
#include "analysis/store_error.hpp"
#include "analysis/table_text.hpp"
#include "analysis/tables.hpp"
#include "sim/random.hpp"
#include "tests/catch.hpp"
#include "tests/faults/launch.hpp"

// Reliability row 37: damaged results. Bytes, lengths, files and manifests are changed at keyed random places; whatever
// happened, `results` shows the right table or refuses, and `run` ends with the right bytes or refuses.

using namespace tl;
using namespace tl::test;

namespace {

/// Random numbers of one mutant.
class Dice {
 public:
  explicit Dice(std::uint32_t mutant, std::uint32_t series) : mutant_{mutant}, series_{series} {}
  std::uint32_t below(std::size_t many) {
    return draw({series_, 37}, {1, mutant_, 0}, Purpose::process, next_++, 0).w[0] % static_cast<std::uint32_t>(many);
  }

 private:
  std::uint32_t mutant_, series_, next_ = 0;
};

void change_bytes(std::string& text, Dice& dice, std::size_t within) {
  for (std::uint32_t left = 1 + dice.below(8); left > 0; --left) {
    char& byte = text[dice.below(std::min(within, text.size()))];
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1 + dice.below(255)));
  }
}

struct Tally {
  int mutants = 0, refused = 0, right = 0, wrong = 0, crashed = 0, hung = 0;
};

void tell(const std::string& what, const Tally& tally) {
  std::cout << what << ": " << tally.mutants << " mutants, of the times they were read " << tally.refused
            << " refused, " << tally.right << " harmless and right, " << tally.wrong << " wrong, " << tally.crashed
            << " crashes, " << tally.hung << " hung\n";
}

class Bench {
 public:
  Bench() {
    REQUIRE(launch({.words = study_.run("good")}).code == 0);
    std::vector<std::string> other = study_.run("other");
    other.insert(other.end(), {"--seed", "8"});
    REQUIRE(launch({.words = other}).code == 0);
    for (const auto& entry : fs::directory_iterator{study_.in("good/shards")})
      shards_.push_back(entry.path().lexically_relative(study_.in("good")).string());
    std::sort(shards_.begin(), shards_.end());
    for (const auto& entry : fs::directory_iterator{study_.in("other/shards")})
      others_.push_back(entry.path().lexically_relative(study_.in("other")).string());
    std::sort(others_.begin(), others_.end());
    REQUIRE(shards_.size() == 3);
    copy_folder(study_.in("good"), at());
    table_ = launch({.words = show()}).out;
    table_here_ = to_csv(make_table(load_results(at()), {}));
    reference_ = files_in(study_.in("good"));
    REQUIRE(table_.size() > 1000);
  }

  void mutant(std::uint32_t number, Tally& tally) {
    copy_folder(study_.in("good"), at());
    Dice dice{number, 1};
    const std::string what = mutate(dice);
    CAPTURE(number, what);
    ++tally.mutants;
    read_here(tally);
    if (number % 10 != 0) return;
    const Fate shown = launch({.words = show()});
    count(shown, shown.out == table_, tally);
    const Fate run = launch({.words = study_.run("at")});
    count(run, same_results(), tally);
  }

  /// Damage below a manifest that fits: the library's own code meets it. Numbers may then be others, as a forger may
  /// write any; but nothing may crash or hang.
  void fitted_mutant(std::uint32_t number, Tally& tally) {
    copy_folder(study_.in("good"), at());
    Dice dice{number, 2};
    std::string text = text_of_file(at() + "/results.h5");
    if (number % 8 == 0)
      text.resize(dice.below(text.size()));
    else
      change_bytes(text, dice, number % 2 == 0 ? 8192 : text.size());
    write_text(at() + "/results.h5", text);
    Manifest manifest = *read_manifest(at());
    manifest.results = KnownFile{text.size(), sha256_hex(std::as_bytes(std::span{text}))};
    publish_manifest(at(), manifest);
    CAPTURE(number);
    ++tally.mutants;
    const Fate shown = launch({.words = show()});
    INFO(shown.code << ' ' << shown.err);
    CHECK_FALSE(shown.hung);
    CHECK((shown.code >= 0 && shown.code <= 2));
    tally.hung += shown.hung ? 1 : 0;
    tally.crashed += shown.code < 0 || shown.code > 2 ? 1 : 0;
    ++(shown.code != 0 ? tally.refused : shown.out == table_ ? tally.right : tally.wrong);
    if (shown.err.find("signal") != std::string::npos) ++children_lost;
    if (shown.err.find("come to an end") != std::string::npos) ++children_stopped;
  }
  int children_lost = 0, children_stopped = 0;

 private:
  /// As the commands do it, without their start: ten thousand starts take an hour.
  void read_here(Tally& tally) const {
    try {
      const bool right = to_csv(make_table(load_results(at()), {})) == table_here_;
      CHECK(right);
      ++(right ? tally.right : tally.wrong);
    } catch (const StoreError& refusal) {
      CHECK(std::string{refusal.what()}.find(at()) != std::string::npos);
      ++tally.refused;
    }
  }

  std::string at() const { return study_.in("at"); }
  std::vector<std::string> show() const { return {"results", at(), "--format", "csv"}; }

  bool same_results() const {
    auto now = files_in(at());
    return now.contains("results.h5") && now.at("results.h5") == reference_.at("results.h5") &&
           std::all_of(shards_.begin(), shards_.end(), [&](const std::string& shard) {
             return now.contains(shard) && now.at(shard) == reference_.at(shard);
           });
  }

  static void count(const Fate& fate, bool right, Tally& tally) {
    INFO("code " << fate.code << ' ' << fate.err);
    CHECK_FALSE(fate.hung);
    CHECK((fate.code == 0 || fate.code == 1));
    CHECK((fate.code != 0 || right));
    CHECK((fate.code == 0 || !fate.err.empty()));
    tally.hung += fate.hung ? 1 : 0;
    tally.crashed += fate.code < 0 || fate.code > 1 ? 1 : 0;
    ++(fate.code != 0 ? tally.refused : right ? tally.right : tally.wrong);
  }

  std::string any_file(Dice& dice) const {
    const std::uint32_t which = dice.below(shards_.size() + 4);
    return which < shards_.size() ? shards_[which] : which < shards_.size() + 2 ? "results.h5" : "manifest.json";
  }

  /// @returns what was done
  std::string mutate(Dice& dice) const {
    const std::string name = any_file(dice), path = at() + '/' + name;
    std::string text = text_of_file(path);
    switch (dice.below(8)) {
      case 0:
        text.resize(dice.below(text.size()));
        write_text(path, text);
        return "cut " + name;
      case 1:
        text += text.substr(dice.below(text.size()));
        write_text(path, text);
        return "longer " + name;
      case 2: {
        const std::string a = shards_[dice.below(3)], b = shards_[dice.below(3)];
        fs::rename(at() + '/' + a, at() + "/swap");
        if (a != b) fs::rename(at() + '/' + b, at() + '/' + a);
        fs::rename(at() + "/swap", at() + '/' + b);
        return "swapped " + a + " and " + b;
      }
      case 3:
        fs::copy_file(study_.in("other/" + others_[dice.below(3)]), at() + '/' + shards_[dice.below(3)],
                      fs::copy_options::overwrite_existing);
        return "shard of another study";
      case 4: {
        const std::string other = dice.below(2) == 0 ? "results.h5" : "manifest.json";
        fs::copy_file(study_.in("other/" + other), at() + '/' + other, fs::copy_options::overwrite_existing);
        return other + " of another study";
      }
      case 5: {
        std::string manifest = text_of_file(at() + "/manifest.json");
        const std::size_t digit = manifest.find("\"format\": ") + 10;
        manifest[digit] = static_cast<char>('0' + (manifest[digit] - '0' + 1 + dice.below(9)) % 10);
        write_text(at() + "/manifest.json", manifest);
        return "another format";
      }
      default:
        change_bytes(text, dice, text.size());
        write_text(path, text);
        return "bytes of " + name;
    }
  }

  SmallStudy study_;
  std::vector<std::string> shards_, others_;
  std::string table_, table_here_;
  std::map<std::string, std::string> reference_;
};

void try_mutants(std::uint32_t count) {
  Bench bench;
  Tally tally;
  for (std::uint32_t number = 0; number < count; ++number) bench.mutant(number, tally);
  tell("damaged results", tally);
  CHECK(tally.refused > 0);
  CHECK(tally.right > 0);
}

void try_fitted_mutants(std::uint32_t count) {
  Bench bench;
  Tally tally;
  for (std::uint32_t number = 0; number < count; ++number) bench.fitted_mutant(number, tally);
  tell("damaged results with a manifest that fits", tally);
  std::cout << "  of the refused: in " << bench.children_lost << " the reading child ended by a signal, in "
            << bench.children_stopped << " by its bound of time\n";
  CHECK(tally.refused > 0);
}

}  // namespace

TEST_CASE("damaged results are refused or harmless") {
  try_mutants(30);
  try_fitted_mutants(20);
}

TEST_CASE("ten thousand damaged results are refused or harmless", "[nightly]") {
  try_mutants(10'000);
}

TEST_CASE("damage that reaches HDF5 takes down no more than the reading child", "[nightly]") {
  try_fitted_mutants(4000);
}
