"""Names that are English words too: in prose they need their capital. Pure data."""

# Names that are words too: they count only with their capital, and not at every sentence start.
WORDS_AND_NAMES = frozenset(
    """
ace amber an angel april arch art ash aspen aster august autumn baron basil bay beau bell belle
bill birch bishop blaze bliss blossom blue bonny booker boy brandy brook buck bud buddy bunny
buster butch candy carol case cash chance charity chase cherry chip christian clay cliff clover
colt coral cricket crystal daisy dale dash dawn dean destiny dick do dolly don dot dove dream drew
duke dusty earl early earnest easter ebony elder ember emerald eve ever faith fawn fern field
fisher flint ford forest fox frank frost gale gene genesis ginger glen glory good grace grant gray
green grey grove guy hale happy harmony haven hazel he heath heather heaven holly honey honor
honour hope hunter hyacinth in iris ivory ivy jack jade jasmine jean jet jewel job jolly journey
joy june juniper justice kale king kit knight lake lance lane lark laurel lavender legend liberty
lily link lion long lot love luck lucky major man maple march marina mark marsh mat maverick may
me meadow melody mercy merit merry miles miller mint misty mo moon moor moss my myrtle night no
noble norm norman nova oak olive opal or orchid otter page paisley pansy park pat patience paz
peace pearl peg penny pepper petal pip piper pleasant poet poppy porter precious price prince
princess promise prudence queen quest rain raven ray read red reed reef rich ridge rip river rob
robin rock rocky rod roman rose rosemary rosy royal ruby rue rush russet rusty rye saffron sage
salt sandy sapphire scarlet scout serenity she shepherd sherry silver skip sky so sol son song
spring star sterling stone storm stormy sue summer sunny swan swift tab tawny temperance tiger to
topaz trace trinity trip true trust tuck tulip unity valentine van victory violet walker ward web
west whit wick will willow win winter wolf wood woody wren young yule zen zest
""".split()
)
