"""What staff see of a place's rules: what is asked for, and what a card has of it. Short: below a headline."""

from vaxcert.wording.words import Words

MET = Words("meets the rules", "đạt yêu cầu")
UNSIGNED = Words("rules of this device, not signed", "quy định của thiết bị này, không có chữ ký")
MODE = Words("Rules", "Quy định")

# By rule: what is said where it is met, and where it is not.
ASKED: dict[str, tuple[Words, Words]] = {
    "doses": (
        Words("dose {have}", "mũi {have}"),
        Words("dose {have}, {asked} are asked for here", "mới có mũi {have}, nơi này yêu cầu {asked} mũi"),
    ),
    "no_dose": (
        Words("vaccinated", "đã tiêm"),
        Words(
            "no vaccination against {disease} that counts here", "không có mũi tiêm phòng {disease} được tính tại đây"
        ),
    ),
    "complete": (
        Words("series complete: {have}", "đã tiêm đủ: {have}"),
        Words("dose {have}: the series is not complete", "mũi {have}: chưa tiêm đủ liều cơ bản"),
    ),
    "booster": (
        Words("booster: {have}", "mũi nhắc lại: {have}"),
        Words("dose {have}: a booster is asked for here", "mũi {have}: nơi này yêu cầu mũi nhắc lại"),
    ),
    "too_early": (
        Words("last dose {days} days ago", "mũi cuối cách đây {days} ngày"),
        Words(
            "last dose {days} days ago, valid from day {from_day}",
            "mũi cuối cách đây {days} ngày, có giá trị từ ngày thứ {from_day}",
        ),
    ),
    "too_late": (
        Words("last dose {days} days ago", "mũi cuối cách đây {days} ngày"),
        Words(
            "last dose {days} days ago, at most {to_day} are allowed here",
            "mũi cuối cách đây {days} ngày, nơi này cho phép nhiều nhất {to_day} ngày",
        ),
    ),
    "no_test": (
        Words("tested", "đã xét nghiệm"),
        Words("no negative test that counts here", "không có xét nghiệm âm tính được tính tại đây"),
    ),
    "test": (
        Words("negative test {hours} hours ago", "xét nghiệm âm tính cách đây {hours} giờ"),
        Words(
            "test {hours} hours ago, at most {most} are allowed here",
            "xét nghiệm cách đây {hours} giờ, nơi này cho phép nhiều nhất {most} giờ",
        ),
    ),
    "test_ahead": (
        Words("tested", "đã xét nghiệm"),
        Words(
            "the test is dated later than now: look at the date, and at the clock of this device",
            "xét nghiệm ghi thời điểm sau lúc này: xem lại ngày giờ xét nghiệm và đồng hồ của thiết bị",
        ),
    ),
    "no_recovery": (
        Words("recovered", "đã khỏi bệnh"),
        Words("no recovery that counts here", "không có chứng nhận khỏi bệnh được tính tại đây"),
    ),
    "recovery": (
        Words("first positive test {days} days ago", "dương tính lần đầu cách đây {days} ngày"),
        Words(
            "first positive test {days} days ago, which is not within the days asked for here",
            "dương tính lần đầu cách đây {days} ngày, không trong khoảng nơi này yêu cầu",
        ),
    ),
    "formats": (
        Words("kind of card accepted", "loại mã được chấp nhận"),
        Words("this kind of card is not accepted here", "nơi này không nhận loại mã này"),
    ),
    "banned_sites": (
        Words("issuing site accepted", "cơ sở cấp được chấp nhận"),
        Words("the issuing site is not accepted here", "nơi này không nhận chứng nhận của cơ sở cấp này"),
    ),
    "exempt": (
        Words("exempt by age", "được miễn theo tuổi"),
        Words("not exempt by age", "không được miễn theo tuổi"),
    ),
}
AGE_UNKNOWN = Words(
    "whether the age exempts cannot be told from the date of birth on the card",
    "không xác định được tuổi có được miễn hay không từ ngày sinh trên mã",
)
NOT_HELD = Words("these rules are not on this device", "thiết bị này không có quy định đó")
OF_COUNTRY = Words("Rules of {country}", "Quy định của {country}")
OF_SET = Words("Rules: {mode}", "Bộ quy định: {mode}")
OR = Words(" — or: ", " — hoặc: ")
